#include "contract/column_type.h"

namespace nguon::contract {

sql::ColumnType column_type(const Column& column) {
    switch (column.type) {
        case LogicalType::kString: return {sql::Kind::kText, 0, 0};
        case LogicalType::kInteger: return {sql::Kind::kBigint, 0, 0};
        case LogicalType::kNumber:
            if (column.precision > 0) return {sql::Kind::kDecimal, column.precision, column.scale};
            return {sql::Kind::kDouble, 0, 0};
        case LogicalType::kBoolean: return {sql::Kind::kBoolean, 0, 0};
        case LogicalType::kDate: return {sql::Kind::kDate, 0, 0};
        case LogicalType::kTimestamp: return {sql::Kind::kTimestamp, 0, 0};
        case LogicalType::kTime: return {sql::Kind::kTime, 0, 0};
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: return {sql::Kind::kText, 0, 0};
    }
    return {sql::Kind::kText, 0, 0};
}

}  // namespace nguon::contract
