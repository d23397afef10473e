export { channelText } from './channels.ts'
