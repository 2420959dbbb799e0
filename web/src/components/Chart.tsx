/* SPDX-License-Identifier: MIT */
/** Charts by uPlot, in the page's own colours; and the same figures as a table for those who do not look. */
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { theme } from '../device';

export interface Series {
    label: string;
    /** A custom property: "--accent". */
    color: string;
    values: readonly (number | null)[];
    /** 'bars': one column each; 'line': a line with its area. */
    look: 'bars' | 'line' | 'dashed';
}

interface ChartProps {
    title: string;
    labels: readonly string[];
    series: readonly Series[];
    format: (value: number) => string;
    height?: number;
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options({ labels, series, format, height = 240 }: ChartProps, width: number): uPlot.Options {
    const axis = { stroke: css('--muted'), grid: { stroke: css('--line'), width: 1 }, ticks: { stroke: css('--line') }, font: '13px system-ui' };
    return {
        width,
        height,
        scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.15 : 1] } },
        legend: { show: false },
        cursor: { show: false },
        axes: [
            { ...axis, grid: { show: false }, splits: () => labels.map((_, i) => i), values: (_, splits) => splits.map((i) => (labels.length > 14 && i % 2 ? '' : (labels[i] ?? ''))) },
            { ...axis, size: 64, incrs: [1, 2, 5].flatMap((step) => [step, step * 10, step * 100, step * 1000, step * 10_000]).sort((a, b) => a - b), values: (_, splits) => splits.map(format) },
        ],
        series: [
            {},
            ...series.map((each) => ({
                label: each.label,
                stroke: css(each.color),
                width: each.look === 'bars' ? 0 : 3,
                points: { show: each.look === 'line', size: 7, fill: css(each.color) },
                ...(each.look === 'dashed' ? { dash: [8, 6] } : {}),
                ...(each.look === 'bars' ? { fill: css(each.color), paths: uPlot.paths.bars!({ size: [0.6, 48] }) } : {}),
            })),
        ],
    };
}

export function Chart(props: ChartProps) {
    const place = useRef<HTMLDivElement>(null);
    const data = [props.labels.map((_, i) => i), ...props.series.map((each) => [...each.values])] as uPlot.AlignedData;
    const shape = JSON.stringify([props.labels, props.series.map(({ label, look, color }) => [label, look, color])]);
    const chart = useRef<uPlot | null>(null);
    useEffect(() => {
        const element = place.current!;
        const draw = () => {
            chart.current?.destroy();
            chart.current = new uPlot(options(props, element.clientWidth), data, element);
        };
        const stop = effect(() => {
            void theme.value;
            draw();
        });
        const resized = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: props.height ?? 240 }));
        resized.observe(element);
        const system = matchMedia('(prefers-color-scheme: dark)');
        system.addEventListener('change', draw);
        return () => {
            stop();
            resized.disconnect();
            system.removeEventListener('change', draw);
            chart.current?.destroy();
            chart.current = null;
        };
    }, [shape]);
    useEffect(() => chart.current?.setData(data), [JSON.stringify(data)]);
    return (
        <figure class="chart">
            <figcaption>
                {props.title}
                <span class="chart-legend" aria-hidden="true">
                    {props.series.map((each) => (
                        <span key={each.label} class={`legend legend-${each.look}`}>
                            <i style={{ background: `var(${each.color})` }} /> {each.label}
                        </span>
                    ))}
                </span>
            </figcaption>
            <div ref={place} class="chart-place" aria-hidden="true" />
            <div class="sr">
                <table>
                    <caption>{props.title}</caption>
                    <thead>
                        <tr>
                            <td />
                            {props.series.map((each) => (
                                <th key={each.label} scope="col">
                                    {each.label}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {props.labels.map((label, i) => (
                            <tr key={label}>
                                <th scope="row">{label}</th>
                                {props.series.map((each) => (
                                    <td key={each.label}>{each.values[i] == null ? '' : props.format(each.values[i]!)}</td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </figure>
    );
}
