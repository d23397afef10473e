export { type Municipalities, readMunicipalities } from './municipalities.ts'
export { type PolicyFile, type PolicyFiles, policyFiles, readPolicyFile } from './policy-files.ts'
