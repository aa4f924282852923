import { CLEAR, RARE, STARTS, TEMPORARY } from './patterns';
import type { Sign } from './sign';

/** How an intruder becomes root, and stays. */
export const ROOT_SIGNS: readonly Sign[] = [
  {
    ...CLEAR,
    name: 'root_account_made',
    meaning: 'an account with the rights of root',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:useradd|adduser|usermod)\s[^;|&]{0,100}(?:-o\s|-u\s{0,2}0\b|-[aG]{1,2}\s{0,2}(?:sudo|root|wheel|docker)\b)|:0:0:[^:]{0,64}:[^:]{0,64}:[\w/]{0,32}["']?\s{0,4}>{1,2}\s{0,4}\/etc\/passwd\b`,
      ),
    ],
  },
  {
    ...CLEAR,
    name: 'library_in_temporary_folder',
    meaning: 'a library from a temporary folder that is put into programs (LD_PRELOAD)',
    all: [new RegExp(String.raw`\bLD_(?:PRELOAD|LIBRARY_PATH|AUDIT)=["']?${TEMPORARY}`)],
  },
  {
    ...CLEAR,
    name: 'cron_job_from_temporary_folder',
    meaning: 'cron jobs from a temporary folder',
    all: [new RegExp(String.raw`${STARTS}crontab\s{1,4}(?:-u\s{1,4}\w{1,32}\s{1,4})?${TEMPORARY}`)],
  },
  {
    ...RARE,
    name: 'search_for_ways_to_root',
    meaning: 'a search for programs that run with the rights of root',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:find\s{1,4}\/\S{0,32}\s[^;|]{0,200}-perm\s{1,4}[-\/]?(?:u=s|g=s|[0-7]?[2467]000|0?4[0-7]{3})\b|getcap\s{1,4}-r\s{1,4}\/)`,
      ),
    ],
  },
  {
    ...CLEAR,
    name: 'cloud_rights_taken',
    meaning: 'new keys or rights for an identity in the cloud',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:aws\s[^;|&]{0,64}\biam\s{1,4}(?:create-access-key|create-user|create-login-profile|attach-(?:user|role)-policy|put-(?:user|role)-policy|add-user-to-group)\b|gcloud\s[^;|&]{0,64}\bservice-accounts\s{1,4}keys\s{1,4}create\b|az\s{1,4}role\s{1,4}assignment\s{1,4}create\b)`,
      ),
    ],
  },
];
