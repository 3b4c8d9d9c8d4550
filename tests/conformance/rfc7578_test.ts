import { testStandard } from "./harness.ts";
import { RFC7578 } from "./rfc7578.ts";

testStandard(RFC7578);
