import { maskArguments } from '../text/masking/argumentList';
import { looksLikeSecret } from '../text/masking/secretName';
import type { Scalar } from '../incident/alert';
import { ProgramArguments } from '../sources/draft';
import { LIMITS } from '../sources/limits';
import { charactersRead, sanitize } from '../text/sanitize';

/** A raw value of an alert that is to be shown. */
export interface Part {
  /** Its name, if the name can show whether the value is a secret. */
  name: string;
  value: unknown;
  /** UTF-16 units of it that are shown. */
  limit: number;
}

/** Nesting levels of a field's list or object that are shown. */
const MOST_LEVELS = 16;
const TOO_DEEP = '[…]';

/** How many characters sanitizePart() would read if nothing limits it. */
export function costOf({ value, limit }: Part): number {
  if (typeof value === 'string') return charactersRead(value.length, limit);
  if (value instanceof ProgramArguments) return charactersRead(value.text.length, limit);
  return typeof value === 'object' && value !== null ? sizeOf(value, charactersRead(Infinity, limit)) : 0;
}

/** A part, ready to be stored and shown. At most `most` characters of it are read. */
export function sanitizePart({ name, value, limit }: Part, most: number): Scalar {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return sanitize(value, limit, name, most);
    case 'object':
      if (value === null) return null;
      if (value instanceof ProgramArguments) return programArguments(value, limit, most);
      return sanitize(listed(value, name, most), limit, name, most);
    case 'number':
      return Number.isFinite(value) && !looksLikeSecret(name, String(value))
        ? value
        : sanitize(String(value), limit, name);
    default:
      return null;
  }
}

function programArguments({ program, text }: ProgramArguments, limit: number, most: number): string {
  const before = program.length + 1;
  return sanitize(`${program} ${text}`, before + limit, '', before + most).slice(before);
}

/** The approximate JSON length of a list or object; counting stops once it exceeds `most`. */
function sizeOf(value: unknown, most: number, level = 0): number {
  if (typeof value === 'string') return Math.min(value.length + 2, most);
  if (typeof value !== 'object' || value === null) return 8;
  if (level >= MOST_LEVELS) return TOO_DEEP.length;
  let size = 2;
  for (const name in value) {
    size += name.length + 4 + sizeOf((value as Record<string, unknown>)[name], most, level + 1);
    if (size >= most) return most;
  }
  return size;
}

/**
 * The beginning of a list or object as JSON. Its texts are masked before they are escaped: each by its key's name, and
 * a list of texts as one command line.
 */
function listed(value: unknown, name: string, most: number): string {
  let room = most;
  const write = (part: unknown, named: string, level: number): string => {
    if (room <= 0) return '';
    if (typeof part === 'string') {
      const shown = JSON.stringify(
        sanitize(part, LIMITS.value, named, Math.min(room, charactersRead(part.length, LIMITS.value))),
      );
      room -= shown.length;
      return shown;
    }
    if (typeof part !== 'object' || part === null) {
      const shown = String(part);
      room -= shown.length + 1;
      return shown;
    }
    if (level >= MOST_LEVELS) return JSON.stringify(TOO_DEEP);
    const isList = Array.isArray(part);
    const inside: string[] = [];
    const entries = isTexts(part) ? maskArguments(firstTexts(part, room)) : part;
    for (const key in entries) {
      if (room <= 0) break;
      const before = isList ? '' : `${JSON.stringify(key.slice(0, room))}:`;
      room -= before.length + 1;
      inside.push(before + write((entries as Record<string, unknown>)[key], isList ? named : key, level + 1));
    }
    return isList ? `[${inside.join(',')}]` : `{${inside.join(',')}}`;
  };
  const text = write(value, name, 0);
  // An omission must be visible, and the text at the cut must not be shown.
  return room <= 0 ? text.padEnd(most + 1) : text;
}

function isTexts(value: object): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

/** The first texts that fit into `room` characters in total. */
function firstTexts(texts: readonly string[], room: number): string[] {
  const first: string[] = [];
  let left = room;
  for (const text of texts) {
    if (left <= 0) break;
    first.push(text.slice(0, left));
    left -= text.length + 3;
  }
  return first;
}
