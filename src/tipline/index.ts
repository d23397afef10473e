export type { OwnRequestView } from './own-requests.ts'
export { createTipline, type Tipline } from './tipline.ts'
export type { ReceiptView, ThreadView, ToldReceipt } from './views.ts'
export type { Challenge } from './challenges.ts'
