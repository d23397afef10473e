import { serveReadingRoom } from '../../core/index.ts'
import { MAIL_PARSERS, type MailTask } from './mail-parsers.ts'

serveReadingRoom((task: MailTask) =>
  task.name === 'read' ? MAIL_PARSERS.read(...task.args) : MAIL_PARSERS.proof(...task.args),
)
