import { z } from 'zod/v4';

const hash = z.string().regex(/^[0-9a-f]{32}$/);

/** What a detector found, by hashes of its own texts: equal whichever way its report came, directly or through PagerDuty. */
export const findingSchema = z.object({
  /** The rule and the pod's uid. */
  key: hash,
  /** The one event with all its facts; null if they are not all known. A sender that has not seen the event cannot know it. */
  event: hash.nullable(),
});
export type Finding = z.infer<typeof findingSchema>;
