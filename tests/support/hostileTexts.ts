/** What texts are repeated of that are made to cost the search for signs of an attack as much as they can. */
const PARTS: readonly string[] = [
  'sudo ',
  '/a',
  '| ',
  'ssh -',
  ' -R',
  'curl 1.',
  'scp a ',
  '../',
  'kubectl get ',
  '/tmp/',
  'apt install ',
  '1.1.1.1',
  'curl |',
  'cat /',
  'rm -r ',
  'tar c |',
  'eval(',
  'id;',
  'awk BEGIN',
  'python -c ',
  '<?php ',
  'dig $(',
  'nc -z 1 ',
  'FROM PROGRAM',
  'config set dir ',
  'cve-2022-',
  '8'.repeat(94),
  'curl 1.1.1.1',
  'ssh 1.1.1.1 ',
  'cp /bin/sh ',
  'curl ',
  'nc -',
  '/dev/tcp/',
  'sh -c ',
  'mkfifo ',
  'chmod +',
  'docker ',
  'base64 -d ',
];
/** As long as the texts that are searched. */
const LENGTH = 4096;

/** Texts that are made to cost the search for signs of an attack as much as they can, by what they repeat. */
export const hostileTexts = (): { name: string; text: string }[] =>
  PARTS.map((part) => ({ name: part, text: part.repeat(LENGTH).slice(0, LENGTH) }));
