/** An option that holds a password, but whose name has another meaning in other programs. */
export interface OptionRule {
  programs: readonly string[];
  /** The option up to its value: if it is a whole word, the value is the next word, else the rest of this word. */
  option: RegExp;
  /** In a value such as user:password, the separator before the password. */
  before?: string;
}

/** A password that is recognised by the number of words before it. */
export interface ArgumentRule {
  programs: readonly string[];
  /** Words that come before it, in this order. Options between them are not counted. */
  after: readonly string[];
  /** The position of the first secret word after them, from 1. */
  from: number;
  /** How many words are secret; one by default. */
  count?: number;
  /** An option that must be present. */
  given?: RegExp;
  /** The part of the word that is the secret, as its first group. */
  part?: RegExp;
}

const list = (programs: string) => programs.split(' ');

export const OPTIONS: readonly OptionRule[] = [
  {
    programs: list(
      'mysql mysqldump mysqladmin mysqlimport mysqlsh mysqlcheck mysqlslap mariadb mariadb-dump mariadb-admin',
    ),
    option: /^-p/,
  },
  { programs: list('mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat'), option: /^-p/ },
  // docker login, helm registry login, az login, oc login
  { programs: list('login sshpass 7z 7za 7zr evil-winrm crackmapexec netexec nxc hydra medusa'), option: /^-p/ },
  { programs: list('cqlsh rabbitmqadmin cypher-shell couchbase-cli beeline hdbsql twine'), option: /^-p/ },
  { programs: list('ncftp ncftpget ncftpput rdesktop useradd usermod adduser'), option: /^-p/ },
  { programs: list('zip unzip mosquitto_pub mosquitto_sub sqlcmd bcp tsql isql ipmitool'), option: /^-P/ },
  { programs: list('rar unrar'), option: /^-(?:hp|p)/ },
  { programs: list('plink pscp psftp kadmin kadmin.local'), option: /^-(?:pw(?=$)|w)/ },
  { programs: list('redis-cli valkey-cli'), option: /^-a/ },
  { programs: list('ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami'), option: /^-w/ },
  { programs: ['ldappasswd'], option: /^-[was]/ },
  { programs: ['openssl'], option: /^-[kK](?=$)/ },
  { programs: ['ssh-keygen'], option: /^-[NP]/ },
  { programs: list('snmpget snmpgetnext snmpwalk snmpbulkget snmpbulkwalk snmpset snmptrap'), option: /^-[AXc]/ },
  { programs: ['doctl'], option: /^-t/ },
  { programs: ['swift'], option: /^-K/ },
  { programs: list('xfreerdp wlfreerdp'), option: /^\/p:/ },
  { programs: ['curl'], option: /^(?:--oauth2-bearer)(?:=|$)/ },
  {
    programs: list('curl wget'),
    option: /^(?:-[A-Za-z]{0,8}[uU](?=$)|-[uU](?=.)|--(?:proxy-)?user(?:=|$))/,
    before: ':',
  },
  { programs: ['curl'], option: /^(?:-[A-Za-z]{0,8}b(?=$)|-b(?=.)|--cookie(?:=|$))/, before: '=' },
  { programs: ['curl'], option: /^(?:-E(?=$)|--(?:proxy-)?cert(?:=|$))/, before: ':' },
  { programs: list('http https xh xhs'), option: /^(?:-a|--auth(?:=|$))/, before: ':' },
  { programs: list('etcdctl ctr mongoose-cli elasticdump'), option: /^(?:-u|--user)(?:=|$)/, before: ':' },
  { programs: ['lftp'], option: /^(?:-u|--user)(?:=|$)/, before: ',' },
  { programs: list('smbclient rpcclient smbmap smbget winexe wmic net samba-tool'), option: /^-U/, before: '%' },
  // kubectl create secret generic NAME --from-literal=KEY=VALUE
  { programs: ['secret'], option: /^--from-literal(?:=|$)/, before: '=' },
];

const LOGIN = /^["']?[\w.$-]{1,128}\/([^@]{1,256})(?=@|$)/;

export const ARGUMENTS: readonly ArgumentRule[] = [
  // mc alias set NAME URL ACCESS SECRET: both, because an option may be in between.
  { programs: list('mc mcli'), after: ['alias', 'set'], from: 3, count: 3 },
  { programs: list('mc mcli'), after: ['config', 'host', 'add'], from: 3, count: 3 },
  { programs: list('mc mcli'), after: ['admin', 'user', 'add'], from: 3 },
  { programs: list('htpasswd mosquitto_passwd'), after: [], from: 3, given: /^-(?![a-z]*n)[a-zA-Z]*b/ },
  { programs: ['htpasswd'], after: [], from: 2, given: /^-(?=[a-zA-Z]*n)[a-zA-Z]*b/ },
  { programs: ['rabbitmqctl'], after: ['add_user'], from: 2 },
  { programs: ['rabbitmqctl'], after: ['change_password'], from: 2 },
  { programs: ['rabbitmqctl'], after: ['authenticate_user'], from: 2 },
  { programs: list('sqlplus sqlldr exp imp expdp impdp rman'), after: [], from: 1, count: 8, part: LOGIN },
  {
    programs: list(
      'secretsdump.py psexec.py wmiexec.py smbexec.py atexec.py dcomexec.py mssqlclient.py GetUserSPNs.py',
    ),
    after: [],
    from: 1,
    part: /^["']?[^:@]{1,128}:(.{1,256})(?=@)/,
  },
  { programs: list('vault bao'), after: ['login'], from: 1 },
  { programs: list('vault bao'), after: ['unseal'], from: 1 },
  { programs: list('vault bao'), after: ['token', 'revoke'], from: 1 },
  { programs: ['openssl'], after: ['passwd'], from: 1, count: 2 },
  { programs: list('mysqladmin mariadb-admin'), after: ['password'], from: 1 },
  { programs: list('redis-cli valkey-cli'), after: ['auth'], from: 1, count: 2 },
  { programs: ['wpa_passphrase'], after: [], from: 2 },
  { programs: ['nmcli'], after: ['password'], from: 1 },
  { programs: ['rclone'], after: ['obscure'], from: 1 },
  { programs: ['neo4j-admin'], after: ['set-initial-password'], from: 1 },
  { programs: ['ngrok'], after: ['authtoken'], from: 1 },
  { programs: ['ngrok'], after: ['add-authtoken'], from: 1 },
  { programs: ['cargo'], after: ['login'], from: 1 },
  { programs: ['snyk'], after: ['auth'], from: 1 },
  { programs: ['db2'], after: ['using'], from: 1 },
  { programs: ['pulumi'], after: ['config', 'set'], from: 2, given: /^--secret$/ },
];

/** Programs and options that read a password from their input, and the text before it there. */
export const READERS: readonly { word: RegExp; before?: string }[] = [
  { word: /^chpasswd$/, before: ':' },
  { word: /^(?:passwd|kinit|cryptsetup|smbpasswd|su|-S|--stdin|--password-stdin|--with-token|--passphrase-fd)$/ },
];
