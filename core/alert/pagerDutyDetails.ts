import { isRecord } from '../sources/limits';

type Fields = Readonly<Record<string, unknown>>;

interface WithBody {
  body?: { details?: unknown; cef_details?: unknown } | null | undefined;
}

/** The detector's own fields, in either of PagerDuty's formats; `details` takes precedence. */
export function detailsOf({ body }: WithBody): Fields[] {
  const translated = fieldsOf('cef_details', body?.cef_details);
  return [fieldsOf('details', body?.details), fieldsOf('cef_details', translated.details ?? translated.cef_details)];
}

const CEF_TEXTS = ['message', 'description', 'source_origin', 'source_component', 'service_group', 'event_class'];

/** What an event without details says in PagerDuty's common format. */
export function cefTexts({ body }: WithBody): Fields {
  const said: Fields = isRecord(body?.cef_details) ? body.cef_details : {};
  return Object.fromEntries(CEF_TEXTS.filter((name) => Boolean(said[name])).map((name) => [name, said[name]]));
}

/** An object provides its fields; a text or a list, as e-mail and other integrations send it, becomes one field. */
function fieldsOf(name: string, said: unknown): Fields {
  if (isRecord(said)) return said;
  return said === undefined || said === null || said === '' ? {} : { [name]: said };
}
