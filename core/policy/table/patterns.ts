import { type Conditions, DOUBTFUL } from './conditions';

/** Before the name of a program that a command line starts; a pattern that grep looks for has none of these before it. */
export const STARTS = String.raw`(?:^|[;&]\s{0,4}|[|(]\s{1,4}|\s-c\s{1,4}["']?|\b(?:sudo|exec|nohup|setsid)\s{1,4})(?:\/?[\w./@+-]{0,100}\/)?`;
/** After it. */
export const ENDS = String.raw`(?=$|[\s"';&|)])`;
export const TEMPORARY = String.raw`\/(?:tmp|var\/tmp|dev\/shm|run\/shm)\/`;

const PRIVATE = String.raw`(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7])|22[4-9]|2[345]\d)\.`;
/** An IPv4 address outside of clusters and private networks. */
export const PUBLIC = String.raw`(?<![\w.])(?!${PRIVATE})\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)`;

/** Programs whose arguments are what they search for, and not what they do. */
export const SEARCHERS = /^(?:[efz]?grep|rg|ag|ack|yara|clamscan|semgrep|gitleaks|trufflehog)\s/;
export const SHELLS = /(?:^|\/)(?:ba|da|a|z|k|c|tc|fi)?sh$/;
export const INTERPRETERS = /(?:^|\/)(?:python[\d.]*|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*)$/;
/** Programs that serve others' requests; an interpreter is one where a shell or a package manager has it as parent. */
export const SERVERS =
  /^(?:nginx|apache2|httpd|lighttpd|caddy|php-fpm[\d.]*|php-cgi|java|node|gunicorn|uwsgi|uvicorn|puma|unicorn|dotnet|deno|bun|squid|haproxy|traefik|envoy|exim4?|beam\.smp|grafana(?:-server)?)$/;
export const DATABASES = /^(?:mysqld|mariadbd|postgres|redis-server|mongod)$/;
/** Servers, also those that are scripts, and databases. */
export const BELOW = new RegExp(`${SERVERS.source}|${DATABASES.source}|^(?:python[\\d.]*|ruby|perl|php)$`);

/** Where programs do so by design, and no NetworkPolicy holds them: jobs and builds, and agents of the node. */
export const ELSEWHERE: readonly Conditions[] = [{ runsOnce: true }, { nodeAccess: true }];
/** And where people judged the rule to be no attack: for what servers do as well, if rarely. */
export const BY_DESIGN: readonly Conditions[] = [...ELSEWHERE, DOUBTFUL];

/** A sign of something that servers never do, or do only by their declared command. */
export const CLEAR = { raisesTo: 'quarantine_pod', personFor: ELSEWHERE, usualIfDeclared: true } as const;
/** A sign of something that some servers do. */
export const RARE = { raisesTo: 'quarantine_pod', personFor: BY_DESIGN, usualIfDeclared: true } as const;
