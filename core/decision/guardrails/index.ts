import type { Guardrail } from './guardrail';
import { hostNetwork } from './hostNetwork';
import { ignoreFloor } from './ignoreFloor';
import { infrastructureNamespace } from './infrastructureNamespace';
import { liveContext } from './liveContext';
import { namespaceMode } from './namespaceMode';
import { podIdentity } from './podIdentity';
import { sourceTrust } from './sourceTrust';
import { unknownPriority } from './unknownPriority';
import { unknownTarget } from './unknownTarget';

/** All of them are asked, always; their order is the order in which they are named in the output. */
export const GUARDRAILS: readonly Guardrail[] = [
  unknownTarget,
  unknownPriority,
  infrastructureNamespace,
  sourceTrust,
  liveContext,
  namespaceMode,
  podIdentity,
  hostNetwork,
  ignoreFloor,
];
