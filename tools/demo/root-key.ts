/** The demo town's root verifier key as a literal, so that the build can pin it without deriving it; public and worthless as a secret, see keys.ts. */
export const DEMO_ROOT_KEY = 'root.demo.porchlight.example+d42ee16c+ATQcnIIi80rUv/IfL2HzsEe0d8rJpfyJzwDrWUx9kOCm';
