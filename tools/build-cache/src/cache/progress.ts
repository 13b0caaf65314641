/** Told about every step that takes long enough for a person to wonder. One line, present tense, no newline. */
export type Progress = (line: string) => void;
