import { Ajv2020 } from "ajv/2020";
import schema from "../../lib/status/schema.json" with { type: "json" };

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const validators = {
  /** By which a field that the schema does not describe is a fault. */
  closed: ajv.compile({ ...closed(schema) as object, $id: "closed" }),
  /** By which it is none, as for those who use the schema. */
  open: ajv.compile(schema),
};

/** The faults of a status document by its schema, as `/legions/0/state must be …`. */
export function schemaFaults(document: unknown, by: keyof typeof validators = "closed"): string[] {
  const validate = validators[by];
  if (validate(document)) return [];
  return validate.errors!.map(({ instancePath, message, params }) =>
    `${instancePath}${params.additionalProperty ? `/${params.additionalProperty}` : ""} ${message}`
  );
}

function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, one]) => [key, closed(one)]));
  const hasFields = "properties" in part && "type" in part;
  return hasFields ? { ...inner, additionalProperties: false } : inner;
}
