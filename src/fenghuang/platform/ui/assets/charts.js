// Charts of the pages. The data stand in a JSON script tag, the element says which:
//   <script id="d" type="application/json">{...}</script>
//   <div data-chart="map" data-source="d" data-geo="/taizhou.geojson"></div>
// map, bar   {title, unit, items: [{code, name, value}], selected: code, absent: "words for an outline without item"}; a click navigates to ?unit=CODE (or data-href + CODE)
//            after the event "unit:chosen" (detail: {code, name}), which may prevent it
// histogram  {title, unit, from, step, counts: [...], marks: [{at, name}]}
// line       {unit, x: [...], series: [{name, values}]}
// columns    {unit, x: [...], series: [{name, values}]}: counts side by side, in the order given
// scatter    {x: {name, unit}, y: {name, unit}, series: [{name, points: [[x, y, label]]}]}
// A value null is unknown: drawn in grey, said in words, never as 0.
// data-ready is set when the picture stands; data-ready="error" when it cannot.
import { BarChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, GeoComponent, GraphicComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, MapChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, GeoComponent, GraphicComponent, SVGRenderer]);

const FONT = 'system-ui, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const THEMES = {
  light: { text: "#1f2937", quiet: "#4b5563", line: "#d5dae1", surface: "#ffffff", unknown: "#e3e6ea", halo: "#ffffff", inverse: "#ffffff", accent: "#b3371f", ramp: ["#dbe9f6", "#9cc3e4", "#5596cb", "#22679f", "#123f68"], series: ["#1f5f99", "#b3371f", "#3b7d3c", "#8a5a00", "#6b4aa0"] },
  dark: { text: "#e6ebf2", quiet: "#b3bdcb", line: "#3a4659", surface: "#182231", unknown: "#364152", halo: "#101826", inverse: "#0b1420", accent: "#ff8f6b", ramp: ["#1d3a57", "#28608f", "#3f8cc7", "#7db9e8", "#c9e4fa"], series: ["#6db3f2", "#ff8f6b", "#7cc77d", "#e0b04c", "#b79bea"] },
};
const charts = new Set();

const theme = () => THEMES[document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light"];
const say = (value, unit = "") => (value === null || value === undefined || Number.isNaN(value) ? "未知" : `${value.toLocaleString("zh-CN", { maximumFractionDigits: 4 })}${unit ? " " + unit : ""}`);
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function common(t) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: t.text },
    tooltip: { confine: true, backgroundColor: t.surface, borderColor: t.line, textStyle: { color: t.text, fontFamily: FONT } },
  };
}

function axis(t, extra) {
  return { axisLine: { lineStyle: { color: t.line } }, axisTick: { show: false }, axisLabel: { color: t.quiet }, splitLine: { lineStyle: { color: t.line } }, nameTextStyle: { color: t.quiet }, ...extra };
}

function range(items) {
  const known = items.map((i) => i.value).filter((v) => v !== null && v !== undefined);
  return known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
}

function map(data, t, geo, width) {
  let [min, max] = range(data.items);
  if (min === max) [min, max] = [min - 1, max + 1]; // one value alone: the middle of the ramp
  const known = new Map(data.items.map((i) => [i.name, i]));
  const read = (name) => (known.has(name) ? say(known.get(name).value, data.unit) : data.absent || "未知");
  const items = geo.features.map((f) => known.get(f.properties.name)).filter(Boolean); // a unit without outline is not drawn
  const label = { show: true, color: t.text, textBorderColor: t.halo, textBorderWidth: 3, fontSize: 12, lineHeight: 16 };
  const deep = (i) => i.value != null && max > min && (i.value - min) / (max - min) > 0.55; // needs the other ink
  const fill = (i) => (i.value == null ? t.unknown : echarts.color.lerp((i.value - min) / (max - min), t.ramp));
  const inverse = { color: t.inverse, textBorderColor: t.ramp[4], textBorderWidth: 3 };
  return {
    ...common(t),
    tooltip: { ...common(t).tooltip, trigger: "item", formatter: (p) => `${escape(p.name)}<br><b>${escape(read(p.name))}</b>` },
    visualMap: { show: items.length > 1, min, max, calculable: false, orient: "horizontal", left: 4, bottom: 0, itemHeight: 110, itemWidth: 12, text: [say(max, data.unit), say(min)], textStyle: { color: t.quiet }, inRange: { color: t.ramp }, outOfRange: { color: t.unknown } },
    series: [
      {
        type: "map", map: "units", aspectScale: 0.88, top: 6, bottom: 40, left: 6, right: 6, roam: false, selectedMode: "single",
        itemStyle: { areaColor: t.unknown, borderColor: t.surface, borderWidth: 1.2 },
        label: { ...label, formatter: (p) => (width < 420 || known.get(p.name)?.value == null ? p.name : `${p.name}\n${say(known.get(p.name).value)}`) },
        emphasis: { label, itemStyle: { borderColor: t.text, borderWidth: 2, areaColor: t.unknown } },
        data: items.map((i) => {
          const ink = deep(i) ? inverse : {};
          const lifted = (borderColor, borderWidth) => ({ label: { ...label, ...ink }, itemStyle: { areaColor: fill(i), borderColor, borderWidth } });
          return { name: i.name, value: i.value ?? NaN, code: i.code, label: ink, emphasis: lifted(t.text, 2), select: lifted(t.accent, 3), selected: i.code === data.selected };
        }),
      },
    ],
  };
}

function bar(data, t) {
  const sorted = [...data.items].sort((a, b) => (a.value ?? -Infinity) - (b.value ?? -Infinity));
  return {
    ...common(t),
    tooltip: { ...common(t).tooltip, trigger: "item", formatter: (p) => `${escape(p.name)}<br><b>${escape(say(p.data.raw, data.unit))}</b>` },
    grid: { left: 8, right: 64, top: 8, bottom: 8, containLabel: true },
    xAxis: axis(t, { type: "value", axisLabel: { show: false }, splitLine: { show: false } }),
    yAxis: axis(t, { type: "category", data: sorted.map((i) => i.name), axisLabel: { color: t.text, interval: 0 } }),
    series: [{ type: "bar", barMaxWidth: 18, itemStyle: { borderRadius: [0, 3, 3, 0], color: t.series[0] }, label: { show: true, position: "right", color: t.text, formatter: (p) => say(p.data.raw) }, data: sorted.map((i) => ({ value: i.value ?? 0, raw: i.value, code: i.code, name: i.name })) }],
  };
}

function histogram(data, t) {
  const edges = data.counts.map((_, i) => data.from + i * data.step);
  return {
    ...common(t),
    tooltip: { ...common(t).tooltip, trigger: "axis", formatter: (p) => `${say(p[0].data[0] - data.step / 2)} – ${say(p[0].data[0] + data.step / 2)}<br><b>${say(p[0].data[1], data.unit)}</b>` },
    grid: { left: 8, right: 20, top: 30, bottom: 8, containLabel: true },
    xAxis: axis(t, { type: "value", min: edges[0], max: edges.at(-1) + data.step, splitLine: { show: false } }),
    yAxis: axis(t, { type: "value" }),
    series: [{ type: "bar", barWidth: "94%", itemStyle: { color: t.series[0] }, data: edges.map((e, i) => [e + data.step / 2, data.counts[i]]), markLine: { symbol: "none", silent: true, lineStyle: { color: t.accent, type: "dashed", width: 1.5 }, label: { color: t.text, formatter: (p) => p.name }, data: (data.marks || []).map((m) => ({ xAxis: m.at, name: m.name })) } }],
  };
}

function line(data, t) {
  return {
    ...common(t),
    color: t.series,
    legend: { top: 0, textStyle: { color: t.text } },
    tooltip: { ...common(t).tooltip, trigger: "axis", valueFormatter: (v) => say(v, data.unit) },
    grid: { left: 8, right: 20, top: 40, bottom: 8, containLabel: true },
    xAxis: axis(t, { type: "category", data: data.x }),
    yAxis: axis(t, { type: "value", name: data.unit }),
    series: data.series.map((s) => ({ type: "line", name: s.name, data: s.values, symbolSize: 7, connectNulls: false, lineStyle: { width: 2.5 } })),
  };
}

function columns(data, t) {
  const many = data.series.length > 1;
  return {
    ...common(t),
    color: t.series,
    legend: { show: many, top: 0, textStyle: { color: t.text } },
    tooltip: { ...common(t).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v) => say(v, data.unit) },
    grid: { left: 8, right: 12, top: many ? 36 : 16, bottom: 8, containLabel: true },
    xAxis: axis(t, { type: "category", data: data.x, axisLabel: { color: t.text, interval: 0, rotate: data.x.length > 5 ? 40 : 0 } }),
    yAxis: axis(t, { type: "value", minInterval: 1 }),
    series: data.series.map((s) => ({ type: "bar", name: s.name, data: s.values, barMaxWidth: 22, itemStyle: { borderRadius: [3, 3, 0, 0] } })),
  };
}

function scatter(data, t) {
  return {
    ...common(t),
    color: t.series,
    legend: { top: 0, textStyle: { color: t.text } },
    tooltip: { ...common(t).tooltip, formatter: (p) => `${escape(p.data[2] ?? "")}<br>${escape(data.x.name)} ${say(p.data[0], data.x.unit)}<br>${escape(data.y.name)} ${say(p.data[1], data.y.unit)}` },
    grid: { left: 8, right: 24, top: 40, bottom: 24, containLabel: true },
    xAxis: axis(t, { type: "value", name: data.x.name, nameLocation: "middle", nameGap: 28 }),
    yAxis: axis(t, { type: "value", name: data.y.name }),
    series: data.series.map((s) => ({ type: "scatter", name: s.name, data: s.points, symbolSize: 6, itemStyle: { opacity: 0.65 } })),
  };
}

const KINDS = { map, bar, histogram, line, columns, scatter };

function choose(element, params) {
  const code = params.data && params.data.code;
  if (!code) return;
  const go = element.dispatchEvent(new CustomEvent("unit:chosen", { bubbles: true, cancelable: true, detail: { code, name: params.name } }));
  if (!go) return;
  if (element.dataset.href) {
    window.location.assign(element.dataset.href + encodeURIComponent(code));
    return;
  }
  const address = new URL(window.location.href);
  address.searchParams.set("unit", code);
  window.location.assign(address);
}

export async function draw(element) {
  element.dataset.ready = "";
  try {
    const kind = element.dataset.chart;
    const data = JSON.parse(document.getElementById(element.dataset.source).textContent);
    let geo = null;
    if (kind === "map") {
      geo = await (await fetch(element.dataset.geo, { credentials: "same-origin" })).json();
      echarts.registerMap("units", geo);
    }
    const chart = echarts.init(element, null, { renderer: "svg" });
    const paint = () => chart.setOption(KINDS[kind](data, theme(), geo, element.clientWidth), true);
    paint();
    if (kind === "map" || kind === "bar") chart.on("click", (params) => choose(element, params));
    new ResizeObserver(() => chart.resize()).observe(element);
    charts.add({ chart, paint, element });
    element.dataset.ready = "true";
  } catch (error) {
    element.dataset.ready = "error";
    element.textContent = "图形未能画出，请看表格中的数字。";
    console.error(error);
  }
}

document.documentElement.addEventListener("themechange", () => charts.forEach((c) => (c.element.isConnected ? c.paint() : charts.delete(c))));
