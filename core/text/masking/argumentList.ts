import { findSecrets } from './find';
import { marker, ROUNDS } from './mask';
import { settled } from './settle';
import type { Span } from './span';

/** Kinds that are recognised by a preceding option or name; their value may be a whole argument with spaces. */
const NAMED: readonly string[] = ['secret', 'password'];

/**
 * Masks the secrets in a program's arguments. The arguments are checked joined as one command line, because an option
 * and its value may be two arguments, and also one by one, so that no argument hides a secret in another. Their number
 * does not change.
 */
export function maskArguments(given: readonly string[]): string[] {
  let masked = [...given];
  for (let round = 0; round < ROUNDS; round++) {
    const next = maskOnce(masked);
    if (next.every((argument, index) => argument === masked[index])) break;
    masked = next;
  }
  return masked;
}

function maskOnce(given: readonly string[]): string[] {
  const joint = findSecrets(given.join(' ')).sort((a, b) => a.start - b.start);
  let start = 0;
  let passed = 0;
  return given.map((argument, index) => {
    const end = start + argument.length;
    // Both are in order and joined spans never end before earlier ones, so spans that are behind are not checked again.
    while (passed < joint.length && (joint[passed]?.end ?? 0) <= start) passed++;
    const within: Span[] = [];
    for (let at = passed; at < joint.length && (joint[at]?.start ?? 0) < end; at++) {
      const span = joint[at];
      if (span !== undefined && span.end > start)
        within.push({
          start: Math.max(span.start - start, 0),
          end: Math.min(span.end - start, argument.length),
          kind: span.kind,
        });
    }
    start = end + 1;
    const spans = [...within, ...findSecrets(argument)];
    return replaced(
      argument,
      spans.map((span) => widened(span, argument, given[index - 1] ?? '')),
    );
  });
}

/** A value is as long as its argument, spaces included; a script after `sh -c` continues after its settings. */
function widened(span: Span, argument: string, before: string): Span {
  const name = /^(?:--?[\w.-]{1,128}[=:]|[\w.]{1,128}=)/.exec(argument)?.[0] ?? '';
  const script = /^-[a-z]{0,4}c$/.test(before);
  const begins = span.start <= (/^["']/.test(argument) ? 1 : 0) || (name !== '' && span.start === name.length);
  return begins && !script && NAMED.includes(span.kind) ? { ...span, end: argument.length } : span;
}

function replaced(text: string, spans: readonly Span[]): string {
  let masked = '';
  let from = 0;
  for (const { start, end, kind } of settled(spans, text)) {
    masked += text.slice(from, start) + marker(kind);
    from = end;
  }
  return masked + text.slice(from);
}
