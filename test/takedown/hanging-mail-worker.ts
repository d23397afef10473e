import { serveReadingRoom } from '../../src/core/index.ts'
import { MAIL_PARSERS, type MailJob } from '../../src/mails/mail-parsers.ts'

/** As the worker of the product, but for parsers that some words hang up. */
serveReadingRoom((task: MailJob) => {
  const [raw] = task.args
  while (Buffer.from(raw).includes(`hang the ${task.name} here`));
  return task.name === 'read' ? MAIL_PARSERS.read(...task.args) : MAIL_PARSERS.proof(...task.args)
})
