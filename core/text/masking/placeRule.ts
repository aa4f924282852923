/**
 * Finds secrets that have no recognisable format of their own by their context. Each rule has two regular expressions,
 * so that no part of a text is read repeatedly: `lead` finds the position, `value` matches the secret there. Both are
 * linear: a lead begins only where its first run of characters does (the lookbehind), and has no two adjacent
 * repetitions that match the same character.
 */
export interface PlaceRule {
  kind: string;
  /** Ends where the secret begins. */
  lead: RegExp;
  /**
   * Whether the lead's group `name` must contain a secret's name: of an option, or of a setting, at the start of the
   * lead.
   */
  named?: 'option' | 'setting';
  /** Sticky. The secret is its first group that matched, and ends the match. */
  value: RegExp;
}
