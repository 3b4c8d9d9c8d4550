import { testStandard } from "./harness.ts";
import { RFC9110 } from "./rfc9110.ts";

testStandard(RFC9110);
