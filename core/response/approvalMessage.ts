import type { Fact } from '../alert/facts';
import { brief, visible } from '../text/sanitize';
import type { Approval } from './approval';
import { priorityText } from './approvalPriority';
import { factLines } from './event';
import { minutes } from './times';

/** Limit of an approval message in UTF-16 units: Slack refuses a block of more than 3000 characters. */
export const LONGEST_MESSAGE = 2800;

/** Limits of the reason and of each line about now in a message, and of a title. */
const [MESSAGE_WHY, MESSAGE_NOW, TITLE] = [400, 300, 120];

/**
 * An approval message: what happened, what is known now and as many facts as fit, and why a person is asked. It contains
 * nothing that n8n, a chat or a mail program interprets as markup.
 * @param now what the page knows beyond the alert, such as counts and previews
 */
export function messageOf(
  approval: Pick<Approval, 'spec' | 'status'>,
  about: string,
  facts: readonly Fact[],
  now: readonly Fact[] = [],
): string {
  const { rule, why, expiresAt, incident } = approval.spec;
  const first = [`${rule} (${priorityText(approval)})`, `About: ${about}`].map(inert);
  const last = [
    `Why you are asked: ${brief(why, MESSAGE_WHY)}`,
    `Until: ${minutes(expiresAt)}`,
    `Incident: ${incident}`,
  ].map(inert);
  const room = LONGEST_MESSAGE - [...first, ...last].reduce((sum, line) => sum + line.length + 1, 0);
  const lines = [...now.map(({ name, value }) => ({ name, value: brief(value, MESSAGE_NOW) })), ...facts];
  const shown = lines.map(({ name, value }) => ({ name: inert(name), value: inert(value) }));
  return [...first, ...factLines(shown, room), ...last].join('\n');
}

/** A title of letters, digits and a little punctuation. */
export function titleOf(about: string): string {
  return brief(inert(about).replace(/[^\w .,:()/-]/g, '?'), TITLE).replace('[…]', '...');
}

/** Characters that n8n, Slack's mrkdwn or a mail's HTML could interpret as markup, and harmless lookalikes. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ['&', '＆'],
  ['<', '‹'],
  ['>', '›'],
  ['"', '´'],
  ["'", '´'],
  ['`', '´'],
  ['\\', '＼'],
  ['://', ': //'], // or chats and mail programs turn it into a link
]);

function inert(text: string): string {
  return visible(text, text.length).replace(/[&<>"'`\\]|:\/\//g, (mark) => LOOKALIKES.get(mark) ?? '?');
}
