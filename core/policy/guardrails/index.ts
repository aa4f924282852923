import { anotherCluster } from './anotherCluster';
import { budget } from './budget';
import { confidence } from './confidence';
import { contained } from './contained';
import { deleteFloor } from './deleteFloor';
import { deleteOnModel } from './deleteOnModel';
import { effectiveMode } from './effectiveMode';
import type { Guardrail } from './guardrail';
import { hostNetwork } from './hostNetwork';
import { ignoreFloor } from './ignoreFloor';
import { ignoreOnModel } from './ignoreOnModel';
import { incidentBound } from './incidentBound';
import { infrastructureNamespace } from './infrastructureNamespace';
import { isolationBypass } from './isolationBypass';
import { lastReadyReplica } from './lastReadyReplica';
import { lateAlert } from './lateAlert';
import { liveContext } from './liveContext';
import { namespaceDeleted } from './namespaceDeleted';
import { playbookFloor } from './playbookFloor';
import { podIdentity } from './podIdentity';
import { quarantineOnModel } from './quarantineOnModel';
import { readableConfiguration } from './readableConfiguration';
import { sourceTrust } from './sourceTrust';
import { staticPod } from './staticPod';
import { unknownPriority } from './unknownPriority';
import { unknownTarget } from './unknownTarget';
import { workloadShare } from './workloadShare';

/** Every guardrail is always checked. Their order is the order in the output. */
export const GUARDRAILS: readonly Guardrail[] = [
  unknownTarget,
  unknownPriority,
  infrastructureNamespace,
  sourceTrust,
  lateAlert,
  liveContext,
  readableConfiguration,
  effectiveMode,
  namespaceDeleted,
  anotherCluster,
  podIdentity,
  staticPod,
  hostNetwork,
  isolationBypass,
  confidence,
  deleteFloor,
  deleteOnModel,
  quarantineOnModel,
  ignoreFloor,
  incidentBound,
  playbookFloor,
  ignoreOnModel,
  contained,
  lastReadyReplica,
  workloadShare,
  budget,
];
