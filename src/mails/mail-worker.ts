import { serveReadingRoom } from '../core/index.ts'
import { MAIL_PARSERS, type MailJob } from './mail-parsers.ts'

serveReadingRoom((task: MailJob) =>
  task.name === 'read' ? MAIL_PARSERS.read(...task.args) : MAIL_PARSERS.proof(...task.args),
)
