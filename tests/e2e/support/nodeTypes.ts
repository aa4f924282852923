import { type INode, type INodeProperties, type INodeTypeDescription, NodeHelpers } from 'n8n-workflow';

import type { Stack } from '../../../cluster/local/stack';
import type { WorkflowNode } from './n8n';
import { ownerSession, SESSION_BROWSER } from './session';

export const OURS = 'n8n-nodes-incident-pipeline.';

/** What n8n tells its editor of each node type: the source of what a node shows and of what it stores. */
export class NodeTypes {
  private constructor(private readonly all: readonly INodeTypeDescription[]) {}

  static async of(stack: Stack): Promise<NodeTypes> {
    const answer = await fetch(`${stack.urls.n8n}/types/nodes.json`, {
      headers: { cookie: await ownerSession(stack), 'browser-id': SESSION_BROWSER },
    });
    if (!answer.ok) throw new Error(`n8n does not tell its node types: ${answer.status}`);
    return new NodeTypes((await answer.json()) as INodeTypeDescription[]);
  }

  ours(): INodeTypeDescription[] {
    return this.all.filter(({ name }) => name.startsWith(OURS));
  }

  /** What the operations of a type are called in the panel; n8n names a new node after its operation, where it has resources. */
  actions(displayName: string): string[] {
    const type = this.all.find((known) => known.displayName === displayName);
    return (type?.properties ?? [])
      .filter(({ name }) => name === 'operation')
      .flatMap(({ options = [] }) => options.flatMap((option) => ('action' in option ? (option.action ?? []) : [])));
  }

  of(node: WorkflowNode): INodeTypeDescription {
    const version = Number(node.typeVersion);
    const found = this.all.find(({ name, version: has }) => name === node.type && [has].flat().includes(version));
    if (found === undefined) throw new Error(`n8n has no node type ${node.type} ${version}`);
    return found;
  }

  /** A node's parameters with every default filled in, as it runs: n8n stores none that equals its default. */
  whole(node: WorkflowNode): object {
    const type = this.of(node);
    const { parameters } = node as unknown as INode;
    return NodeHelpers.getNodeParameters(type.properties, parameters, true, false, asNode(node), type) ?? {};
  }

  /** The parameters that apply to a node as it is set, without the notices between them. */
  shown(node: WorkflowNode): INodeProperties[] {
    const type = this.of(node);
    const parameters = this.whole(node) as INode['parameters'];
    return type.properties.filter(
      (property) =>
        !['notice', 'hidden'].includes(property.type) &&
        NodeHelpers.displayParameter(parameters, property, asNode(node), type),
    );
  }

  /**
   * A node's parameters once an option of one was chosen. What the choice shows with other options begins with its default,
   * and what it hides is forgotten (n8n's editor, removeMismatchedOptionValues).
   */
  afterChoice(node: WorkflowNode, parameter: string, value: unknown): WorkflowNode['parameters'] {
    const chosen = { ...node.parameters, [parameter]: value } as INode['parameters'];
    const type = this.of(node);
    const kept = Object.entries(chosen).filter(([name, has]) => {
      const shown = type.properties.find(
        (property) =>
          property.name === name &&
          property.displayOptions?.show?.[parameter] !== undefined &&
          NodeHelpers.displayParameter(chosen, property, asNode(node), type),
      );
      return shown?.options?.every((option) => !('value' in option) || option.value !== has) !== true;
    });
    return this.whole({
      ...node,
      parameters: Object.fromEntries(kept) as WorkflowNode['parameters'],
    }) as WorkflowNode['parameters'];
  }

  /** The credentials that a node needs as it is set: their types, and the labels of their lists. */
  credentials(node: WorkflowNode): { type: string; label: string }[] {
    const type = this.of(node);
    const parameters = this.whole(node) as INode['parameters'];
    return (type.credentials ?? [])
      .filter((credential) => NodeHelpers.displayParameter(parameters, credential, asNode(node), type))
      .map(({ name, displayName }) => ({ type: name, label: displayName ?? 'Credential' }));
  }
}

const asNode = (node: WorkflowNode) => ({ typeVersion: Number(node.typeVersion) });
