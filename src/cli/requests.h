// Requests to the route table, made from the words of a command line.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace nguon::cli {

// "/api/v1/datasets/{dataset}" + rest; rest begins with '/' or is empty.
std::string dataset_path(std::string_view dataset, std::string_view rest = "");
std::string batch_path(std::string_view batch, std::string_view rest = "");

// KEY as it stands in a path: what the person percent-encoded stays; what cannot stand there (a
// blank, a Vietnamese letter, '/') is encoded. Errors: invalid for a '%' that encodes nothing, and
// for no key.
Result<std::string> key_for_path(std::string_view key);

http::Request get_request(std::string path);
http::Request post_request(std::string path);
http::Request post_json(std::string path, const json::object& body);
// The name that a node is told of a file, for its sentences; "-" of standard input.
std::string file_name_of(const std::string& file);
// Adds ?name=value unless the value is empty.
void add_query(http::Request& request, std::string_view name, std::string_view value);
// Work of unknown length: the node sends a sign of life, so that a quiet connection is not given
// up. Only for answers that are JSON.
http::Request& long_work(http::Request& request);

// Members of an answer; empty or 0 where there is none of that kind.
const json::value* member(const json::value& object, std::string_view name);
std::string text_of(const json::value* value);
std::int64_t integer_of(const json::value* value);
inline std::string text_at(const json::value& object, std::string_view name) {
    return text_of(member(object, name));
}
inline std::int64_t integer_at(const json::value& object, std::string_view name) {
    return integer_of(member(object, name));
}
const json::array& array_at(const json::value& object, std::string_view name);

}  // namespace nguon::cli
