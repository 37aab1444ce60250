/** Namespace of the twin's sequences. */
export const temporalNamespace = 'loadstone';

/** Search attributes of every sequence; a keyword each. */
export const searchAttributes = ['LoadstoneRegion', 'LoadstonePhase', 'LoadstoneCampus'] as const;
