import { clear, down, enter } from "../helpers/answer-questions.ts";

/** Answers to all that is asked where mails are files only, in order. */
export function outbox(repoDir: string): Record<string, string> {
  return {
    "Where is your repository": `${clear}${repoDir}${enter}`,
    "What is the project called?": enter,
    "How should mail be sent?": enter,
    "Who should be told": `team@example.com${enter}`,
    "After how many": `${clear}5${enter}`,
    "From which day": enter,
    "In which time zone": `${clear}UTC${enter}`,
    "Under which address": enter,
    "Which password should open": enter,
  };
}

/** Answers to all that is asked where mails go to a server on this machine, in order. */
export function smtp(repoDir: string): Record<string, string> {
  return {
    "Where is your repository": `${clear}${repoDir}${enter}`,
    "What is the project called?": enter,
    "How should mail be sent?": down + enter,
    "What is your mail server's name?": `127.0.0.1${enter}`,
    "How is the connection": enter,
    "On which port": enter,
    "What is the user name": enter,
    "From which address should mail come?": `flawless@example.com${enter}`,
    "Who should be told": enter,
    "To which domains": enter,
    "After how many": enter,
    "From which day": enter,
    "In which time zone": enter,
    "Under which address": enter,
    "Which password should open": enter,
  };
}
