/** The way parts of the table are set off: colours on a terminal, none in a pipe. */
export interface TableStyle {
  /** Sets off a heading. */
  readonly bold: (text: string) => string;
  /** Sets off a good state. */
  readonly good: (text: string) => string;
  /** Sets off a warning. */
  readonly warning: (text: string) => string;
  /** Sets off a critical finding. */
  readonly critical: (text: string) => string;
  /** The width in characters at which lines are broken between words; Infinity: never. */
  readonly width: number;
}

const asIs = (text: string) => text;

/** The style without colours and without broken lines. */
export const plain: TableStyle = {
  bold: asIs,
  good: asIs,
  warning: asIs,
  critical: asIs,
  width: Infinity,
};
