export type { PublicView } from './document.tsx'
export { renderGivenReceipt, renderReceiptForm, renderTipState } from './receipt.tsx'
export { renderTipForm, type TypedTip } from './tip-form.tsx'
export { PUBLIC_WORDS } from './words.ts'
