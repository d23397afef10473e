#pragma once

#include <napi.h>

namespace hindra {

/** Adds `pdq`, `pdqShrunk`, `blockhash` and `deriveDihedral` to what JavaScript sees. */
void export_pdq(Napi::Env env, Napi::Object exports);

}  // namespace hindra
