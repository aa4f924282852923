import { z } from 'zod/v4';
import type { Asked, Said } from '../http/answer.js';
import { groupingConfig } from './account.js';
import { invalid } from './errors.js';
import { newId } from './model.js';
import { reference } from './references.js';
import { written } from './restChecks.js';
import { seconds } from './webhookBody.js';
import type { World } from './world.js';

/** Only the type that the simulator groups by; any other would be taken and then not done. */
const created = z.object({
  alert_grouping_setting: z.strictObject({
    name: z.string().min(1),
    description: z.string().optional(),
    type: z.literal('content_based', 'Only content_based is simulated.'),
    config: groupingConfig,
    services: z.array(z.object({ id: z.string(), type: z.string().optional() })).min(1),
  }),
});

/** `POST /alert_grouping_settings`. A service is in one setting at most. */
export function createGroupingSetting({ account, now }: World, asked: Asked): Said {
  const { name, description, type, config, services } = written(asked, created).alert_grouping_setting;
  const found = services.map(({ id }) => {
    const service = account.services.find((candidate) => candidate.id === id);
    if (service === undefined) throw invalid(`Service ${id} not found`);
    if (account.grouping.some((setting) => setting.services.includes(id)))
      throw invalid(`Service ${id} already has an alert grouping setting`);
    return service;
  });
  const id = newId();
  account.grouping = [...account.grouping, { id, name, config, services: found.map((service) => service.id) }];
  const at = seconds(now());
  return {
    status: 201,
    body: {
      alert_grouping_setting: {
        id,
        name,
        description: description ?? null,
        type,
        config,
        services: found.map((service) => reference(account, 'service', service)),
        created_at: at,
        updated_at: at,
      },
    },
  };
}
