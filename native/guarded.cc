#include "guarded.h"

#include <new>
#include <string>

#include "errors.h"

namespace hindra {
namespace {

Napi::Error with_code(Napi::Env env, const char *code, const std::string &message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

Napi::Error too_little_memory(Napi::Env env) {
  return Napi::Error::New(env, "there is too little memory for the native core");
}

}  // namespace

Napi::Error error_in_flight(Napi::Env env) {
  try {
    throw;
  } catch (const Napi::Error &error) {
    return error;
  } catch (const IndexInvalid &error) {
    return with_code(env, "INDEX_INVALID", error.what());
  } catch (const IndexCorrupt &error) {
    return with_code(env, "INDEX_CORRUPT",
                     std::string("the saved index cannot be read: ") + error.what());
  } catch (const std::invalid_argument &error) {
    return Napi::RangeError::New(env, error.what());
  } catch (const std::bad_alloc &) {
    return too_little_memory(env);
  } catch (const std::length_error &) {
    return too_little_memory(env);
  } catch (const std::exception &error) {
    return Napi::Error::New(env, error.what());
  } catch (...) {
    return Napi::Error::New(env, "the native core failed");
  }
}

}  // namespace hindra
