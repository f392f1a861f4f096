package dev.pare.pipeline;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON of files that anything may have been done to: what has another type is refused. */
public final class StrictJson {
  private StrictJson() {}

  /**
   * A mapper that makes no number of a text, no text of a number, and nothing of {@code null} but
   * in fields that may have none.
   */
  public static ObjectMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
    JsonSetter.Value noNulls = JsonSetter.Value.forContentNulls(Nulls.FAIL);
    mapper.configOverride(Map.class).setSetterInfo(noNulls);
    mapper.configOverride(List.class).setSetterInfo(noNulls);
    return mapper;
  }

  /**
   * Reads what such a mapper wrote.
   *
   * @throws IOException saying where the text is wrong, in words that name no class
   */
  public static <T> T read(ObjectMapper mapper, byte[] json, Class<T> type) throws IOException {
    try {
      T value = mapper.readValue(json, type);
      if (value == null) {
        throw new IOException("is null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IOException(place(e.getLocation()) + problem(e), e);
    }
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
  }

  private static String problem(JsonProcessingException error) {
    if (!(error instanceof JsonMappingException mapping)) {
      return "is no JSON";
    }
    String field =
        mapping.getPath().stream()
            .map(part -> part.getFieldName() == null ? "…" : part.getFieldName())
            .collect(Collectors.joining("."));
    // A record says itself what it does not take.
    Throwable own = mapping instanceof ValueInstantiationException ? mapping.getCause() : null;
    return (field.isEmpty() ? "" : field + " ")
        + (own == null ? "is not what it should be" : own.getMessage());
  }
}
