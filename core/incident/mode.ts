import { LABELS } from '../names';

/** From the least to the most that is allowed: watch only, act after a person's approval, act. */
export const RESPONSE_MODES = ['observe', 'supervised', 'autonomous'] as const;
/** What a namespace, the cluster's ResponsePolicy or a workflow allows. */
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** Reads a namespace's mode from its labels. What is absent or not a known mode is `observe`. */
export function responseMode(namespaceLabels: Readonly<Record<string, string>>): ResponseMode {
  return parseMode(namespaceLabels[LABELS.response]);
}

/** Whatever is not a known mode allows nothing. */
export function parseMode(text: unknown): ResponseMode {
  return RESPONSE_MODES.find((mode) => mode === text) ?? 'observe';
}

/** The mode that counts: the least of all that apply. */
export function lowestMode(...modes: ResponseMode[]): ResponseMode {
  return RESPONSE_MODES.find((mode) => modes.includes(mode)) ?? 'observe';
}
