/** The commands for an operator's next step. Temporal UI and the command line show the same ones. */
import { attention } from './attention.ts';
import type { RedemptionView } from './redemption-view.ts';
import type { AttentionReason } from './statuses.ts';

/** Returns the commands to copy while the sale needs attention. The operator fills in NAME, REASON and REFERENCE. */
export function commandsFor(view: RedemptionView): string[] {
  const { program, redemptionId, reason, acts = [] } = view;
  if (view.status !== 'needs-attention' || !isAttentionReason(reason)) return [];
  const sale = `--program ${program} --id ${redemptionId}`;
  const reports = attention[reason].reports ?? [];
  const commands = [
    ...acts.map((act) => {
      if (act === 'retry') return `retry ${sale} --by NAME --why REASON`;
      const reference = act === 'adopt' ? ' --reference REFERENCE' : '';
      return `resolve ${sale} --by NAME --why REASON --as ${act}${reference}`;
    }),
    ...reports.map((report) => `${report} ${sale}`),
  ];
  return commands.map((command) => `npm run starter -- ${command}`);
}

function isAttentionReason(reason: string | undefined): reason is AttentionReason {
  return reason !== undefined && Object.hasOwn(attention, reason);
}
