export { createEscrowPair, type EscrowPair, escrowId } from './escrow.ts'
export { type BackupKey, isWhole } from './read.ts'
export { checkBackup, type RestoreReport, restoreBackup } from './restore.ts'
export { writeBackup } from './write.ts'
