import type { WireCause, WireEvent, WireFrame } from "../capture/wire.ts";
import type { Event, Exception, Frame } from "../domain/event.ts";

/** An event in the names in which clients send it; what the client did not say is left out. */
export function wireEvent(event: Event): WireEvent {
  return {
    ...wireCause(event),
    hostname: event.hostname,
    causes: event.causes.map(wireCause),
    ...(event.release !== "" && { release: event.release }),
    ...(event.environment !== "" && { environment: event.environment }),
    ...(event.errorThreshold !== null && { error_threshold: event.errorThreshold }),
    error_count: event.errorCount,
    ...(event.additionalInfo !== "" && { additional_info: event.additionalInfo }),
    ...(event.occurredAt !== null && { occurred_at: event.occurredAt }),
    event_id: event.eventId,
  };
}

function wireCause(exception: Exception): WireCause {
  return {
    exception_type: exception.exceptionType,
    exception_message: exception.exceptionMessage,
    traceback: exception.frames.map(wireFrame),
  };
}

function wireFrame(frame: Frame): WireFrame {
  return {
    filename: frame.filename,
    line_number: frame.lineNumber,
    ...(frame.columnNumber !== null && { column_number: frame.columnNumber }),
    function_name: frame.functionName,
    text: frame.text,
    pre_context: frame.preContext,
    post_context: frame.postContext,
    frame_locals: frame.frameLocals,
    ...(frame.inApp !== null && { in_app: frame.inApp }),
  };
}
