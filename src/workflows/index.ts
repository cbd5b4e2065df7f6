import './stack-traces.ts';

export { lateCapture as case } from './late-capture.ts';
export { news } from './notifications.ts';
export { redemption } from './redemption.ts';
export { reversal } from './reversal.ts';
export { watch } from './late-deduction-watch.ts';
