import { element, type Html, joined, table, text } from './html';
import { secondsOf } from '../response/times';
import type { IncidentRecords } from './records';
import { analysisSection } from './sections/analysis';
import { decisionSection, peopleSection } from './sections/decision';
import { doneSection } from './sections/done';
import { evidenceSection } from './sections/evidence';
import { figuresSection } from './sections/figures';
import { sourcesSection } from './sections/sources';
import { subjectSection } from './sections/subject';
import { storyOf, type Story } from './story';
import { REPORT_STYLE } from './style';
import { timelineOf } from './timeline';

/** Nothing is loaded and nothing runs, whatever an alert or a model wrote. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** UTF-8 bytes of the page at most, so that it can be sent by mail. */
export const LONGEST_PAGE = 1_000_000;

/**
 * The report of an incident: one HTML page that needs nothing else.
 * @param n8n where n8n's editor is; null when it is unknown
 */
export function incidentPage(records: IncidentRecords, n8n: string | null, now: Date): string {
  const story = storyOf(records);
  const title = text(`Incident ${story.subject}`);
  const sections = [
    subjectSection(story),
    timelineSection(story),
    evidenceSection(story),
    analysisSection(story),
    decisionSection(story),
    peopleSection(story),
    doneSection(story),
    figuresSection(story),
    sourcesSection(story, n8n),
    element(
      'footer',
      `Written ${secondsOf(now.toISOString())}. Times are in UTC. Texts of the alert and of a model are quoted, not verified.`,
      'soft',
    ),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${title.html}</title><style>${REPORT_STYLE}</style></head><body>
${bounded(sections)
  .map((section) => element('section', section).html)
  .join('\n')}
</body></html>
`;
}

function timelineSection(story: Story): Html {
  return joined([
    element('h2', 'Timeline'),
    table(
      [],
      timelineOf(story).map(({ at, what }) => [secondsOf(at), what]),
    ),
  ]);
}

/** Beside the sections: style, head, and what is said in place of a section. */
const REST_BYTES = 20_000;

/** A section that has no room left is named in its place. */
function bounded(sections: readonly Html[]): Html[] {
  let room = LONGEST_PAGE - REST_BYTES;
  return sections.map((section) => {
    const bytes = Buffer.byteLength(section.html);
    if (bytes > room) return element('p', 'Left out: the report would be too long. The records and Loki have it.');
    room -= bytes;
    return section;
  });
}
