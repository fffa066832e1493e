import type { Config } from "./config/options.ts";
import type { PipelineSettings } from "./pipeline.ts";

/** What the pipeline needs to know of a project's configuration. */
export function pipelineSettings(config: Config): PipelineSettings {
  const patterns = config.only_blame_filepaths_matching.map((pattern) => new RegExp(pattern));
  return {
    culprit: { onlyBlameFilepathsMatching: patterns },
    recipients: {
      defaultContact: config.default_contact,
      emailDomainName: config.email_domain_name,
      ignoreVcsEmailDomain: config.ignore_vcs_email_domain,
      emailAllowedDomains: config.email_allowed_domains,
      botPatterns: config.bot_patterns.map((pattern) => new RegExp(pattern, "i")),
      inactiveDevelopers: config.inactive_developers,
      developerInactiveDays: config.developer_inactive_days,
    },
    runtimePackageDirectoryNames: config.report_runtime_package_directory_names,
    reportErrorThreshold: config.report_error_threshold,
    maxMailsPerRecipientHour: config.max_mails_per_recipient_hour,
    minimumDate: config.report_only_after_minimum_date,
    timeZone: config.timezone,
  };
}
