// Files as pieces, and back.
#pragma once

#include <functional>
#include <set>

#include "backup/backup.h"

namespace nguon::backup {

inline constexpr std::size_t kPiece = std::size_t{4} << 20;
inline constexpr std::string_view kHeader = "nguon-backup.json";

// objects/<ab>/<name>
std::string object_of(const crypto::SecretKey& key, std::string_view sha256);
// Errors: not_found, corrupt.
Result<std::string> get_piece(Repository& repository, const crypto::SecretKey& key,
                              std::string_view sha256);
// Every object that is there.
Result<std::set<std::string, std::less<>>> objects(Repository& repository);

std::string list_name(std::string_view id);
std::string list_text(const List& list);
// Errors: corrupt.
Result<List> parse_list(std::string_view text);
// Errors: not_found, corrupt.
Result<List> get_list(Repository& repository, const crypto::SecretKey& key, std::string_view id);
// Errors: denied when the repository needs another key; not_found without one.
Result<void> check_key(Repository& repository, const crypto::SecretKey& key);

}  // namespace nguon::backup
