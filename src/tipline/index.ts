export type { OwnRequestView } from './own-requests.ts'
export type { ReceiptView, ThreadView, Tipline, ToldReceipt } from './tipline.ts'
export { createTipline } from './tipline.ts'
export type { Challenge } from './work.ts'
