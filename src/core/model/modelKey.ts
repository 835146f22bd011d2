/** Holds the key to the model. Programs of a workspace never inherit it: they may be a model's code, or a stranger's. */
export const KEY_VARIABLE = 'INFRABUILDER_API_KEY';
