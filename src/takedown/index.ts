export { MailError, type MailFault } from './mail-error.ts'
export { createSmtpTransport } from './smtp.ts'
export * from './types.ts'
