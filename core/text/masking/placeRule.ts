/**
 * Where secrets stand that no form gives away. Each rule is two regular expressions, so that no part of a text is read
 * again and again: `lead` finds the place, `value` takes the secret there. Both are linear: a lead begins only where its
 * first run of characters does (the lookbehind), and has no two neighbouring repetitions that take the same character.
 */
export interface PlaceRule {
  kind: string;
  /** Ends where the secret begins. */
  lead: RegExp;
  /** Whether the lead's group `name` has to hold a secret's name: of an option, or of a setting, with which it begins. */
  named?: 'option' | 'setting';
  /** Sticky. The secret is its first group that took part, and ends the match. */
  value: RegExp;
}
