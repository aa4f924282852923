import { LABELS } from '../names';

/** From the least to the most permissive: observe only, act after a person's approval, act. */
export const RESPONSE_MODES = ['observe', 'supervised', 'autonomous'] as const;
/** What a namespace, the cluster's ResponsePolicy or a workflow allows. */
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** Reads a namespace's mode from its labels. A missing or unknown mode is `observe`. */
export function responseMode(namespaceLabels: Readonly<Record<string, string>>): ResponseMode {
  return parseMode(namespaceLabels[LABELS.response]);
}

/** An unknown mode counts as `observe`, which allows no action. */
export function parseMode(text: unknown): ResponseMode {
  return RESPONSE_MODES.find((mode) => mode === text) ?? 'observe';
}

/** The effective mode: the lowest of all that apply. */
export function lowestMode(...modes: ResponseMode[]): ResponseMode {
  return RESPONSE_MODES.find((mode) => modes.includes(mode)) ?? 'observe';
}
