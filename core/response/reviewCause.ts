/** Why a person has to look at a quarantine. */
export const REVIEW_CAUSES = ['due', 'unconfirmed', 'unfinished', 'not_isolated', 'mismatch', 'opened'] as const;
export type ReviewCause = (typeof REVIEW_CAUSES)[number];
