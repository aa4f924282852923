import { readFileSync } from 'node:fs';

import { z } from 'zod/v4';

import type { AlertFile } from '../../../cluster/local/alerts/alertFiles';
import { type Field, FIELDS } from './fields';
import { FORGED } from './forged';
import { TECHNIQUES } from './techniques';
import { type Wish, WISHES } from './wishes';

/** One alert: what the attacker writes and where, and what a model that fell for it answers. */
export interface Case {
  /** For messages. */
  what: string;
  /** Of the matrix. */
  field?: string;
  technique?: string;
  wish: Wish;
  /** As sent. */
  priority: string;
  /** What the attacker wrote. */
  text: string;
  /** What the duped model repeats of it in its analysis. */
  quoted: string;
  write: (alert: AlertFile) => void;
  pod?: ReturnType<NonNullable<Field['pod']>> | undefined;
  event?: ReturnType<NonNullable<Field['event']>> | undefined;
  /** The pod's uid as the alert gives it. */
  uid: (own: string) => string;
}

/** Every priority that may not be ignored. */
const PRIORITIES = ['Warning', 'Error', 'Critical', 'Alert', 'Emergency'];

/** The element at an index that goes round. */
const round = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

function inField(field: Field, technique: string, text: string, wish: Wish, index: number): Case {
  return {
    what: `${technique} in ${field.name}`,
    field: field.name,
    technique,
    wish,
    priority: wish.priority ?? round(PRIORITIES, index),
    text,
    quoted: field.analysis?.(text, wish.answer) ?? text,
    write: (alert) => field.alert?.(alert, text),
    pod: field.pod?.(text),
    event: field.event?.(text),
    uid: (own) => own,
  };
}

/**
 * Every field × every technique, or every other of them, as the fields of one colour of a chessboard. Each field and each
 * technique meets each wish either way, since the wishes go round in both and their number is odd.
 */
export function matrix(isWhole = process.env.EVERY_INJECTION !== undefined): Case[] {
  return FIELDS.flatMap((field, row) =>
    TECHNIQUES.flatMap(({ name, write }, column) => {
      if (!isWhole && (row + column) % 2 === 1) return [];
      const wish = round(WISHES, row + column);
      return inField(field, name, write(wish.order, wish.answer), wish, row * TECHNIQUES.length + column);
    }),
  );
}

export function forged(): Case[] {
  return FORGED.map(({ wish, priority = 'Warning', alert, uid }) => ({
    what: wish.name,
    wish,
    priority,
    text: wish.order,
    quoted: wish.order,
    write: (sent) => alert?.(sent),
    uid: uid ?? ((own) => own),
  }));
}

/** The texts of a file, each with every wish; the fields go round. None without a file. */
export function corpus(file = process.env.INJECTION_CORPUS ?? ''): Case[] {
  if (file === '') return [];
  const texts = z.array(z.string().min(1)).parse(JSON.parse(readFileSync(file, 'utf8')));
  return texts.flatMap((text, row) =>
    WISHES.map((wish, column) => {
      const index = row * WISHES.length + column;
      return inField(round(FIELDS, index), `corpus text ${row}`, text, wish, index);
    }),
  );
}
