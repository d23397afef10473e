export { type Municipalities, readMunicipalities } from './municipalities.ts'
export {
  type PolicyFile,
  type PolicyFiles,
  policyFiles,
  readPolicyFile,
  refusedFile,
  versionOf,
} from './policy-files.ts'
