import { CLEAR, RARE, STARTS } from './patterns';
import type { Sign } from './sign';

const DEFENCES = String.raw`(?:falco|auditd|osqueryd?|wazuh[\w-]{0,16}|ossec|clamav[\w-]{0,16}|apparmor|ufw|firewalld|fail2ban|aliyun[\w-]{0,16}|cloudmonitor|aegis|filebeat|fluent-?bit|promtail|vector)`;

/** What hides an intruder, or keeps others out. */
export const COVER_SIGNS: readonly Sign[] = [
  {
    ...CLEAR,
    name: 'defences_switched_off',
    meaning: 'a detector, an audit or a firewall that is switched off',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:systemctl\s{1,4}(?:stop|disable|mask)\s(?:[^;|&]{0,64}\s)?${DEFENCES}|service\s{1,4}${DEFENCES}\s{1,4}stop|(?:pkill|killall)\s(?:-\w{1,8}\s{1,4}){0,3}${DEFENCES}\b|setenforce\s{1,4}(?:0|permissive)\b|iptables\s{1,4}(?:-F|--flush)\b|ufw\s{1,4}disable\b|auditctl\s{1,4}-[De]\b)`,
      ),
    ],
  },
  {
    ...CLEAR,
    name: 'no_history',
    meaning: 'a shell that is told to keep no history',
    all: [
      /\bHISTFILE=(?:\/dev\/null\b|\s|;|$)|\bunset\s{1,4}HISTFILE\b|\bHISTSIZE=0\b|\/dev\/null\s{1,4}\S{0,64}_history\b/,
    ],
  },
  {
    ...CLEAR,
    name: 'files_protected',
    meaning: 'files of the system that are protected from change, or no longer, as droppers do with their own (chattr)',
    all: [
      new RegExp(
        String.raw`${STARTS}chattr\s{1,4}(?:-R\s{1,4})?[-+=][ia]{1,4}\s{1,4}[^;|&]{0,64}\/(?:etc|root|var|usr|tmp|bin)\b`,
      ),
    ],
  },
  {
    ...CLEAR,
    name: 'rivals_killed',
    meaning: "the end of other intruders' miners",
    all: [
      new RegExp(String.raw`(?:${STARTS}(?:pkill|killall)\s|\|\s{0,4}xargs\s[^;|]{0,32}\bkill\b)`),
      /\b(?:xmrig|kdevtmpfsi|kinsing|minerd|watchbog|cryptonight|xmr-stak|sysrv|ddgs|\.rsync)\b/,
    ],
  },
  {
    ...CLEAR,
    name: 'processor_prepared',
    meaning: "settings of its node's kernel that miners need",
    all: [
      /\bvm\.nr_hugepages\s{0,4}=|\/proc\/sys\/(?:vm\/nr_hugepages|kernel\/nmi_watchdog)\b|\bwrmsr\s|\bmodprobe\s{1,4}msr\b/,
    ],
  },
  {
    ...RARE,
    name: 'data_wiped',
    meaning: 'the removal of everything there is, or of a whole disk',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:rm\s(?:-\w{1,8}\s{1,4}|--\S{1,32}\s{1,4}){1,4}(?:--no-preserve-root\b|\/(?:\*|etc|usr|var|home|root|bin|lib|boot)?\/?\*?(?=$|[\s"';&|]))|dd\s[^;|&]{0,100}if=\/dev\/(?:zero|u?random)\s[^;|&]{0,100}of=\/dev\/(?:sd|vd|xvd|nvme|mapper)|mkfs(?:\.\w{2,8})?\s[^;|&]{0,64}\/dev\/(?:sd|vd|xvd|nvme))`,
      ),
    ],
  },
];
